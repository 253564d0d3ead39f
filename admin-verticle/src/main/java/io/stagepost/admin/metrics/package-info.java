/** Numbers for Prometheus, and whether the relay is well. */
@NullMarked
package io.stagepost.admin.metrics;

import org.jspecify.annotations.NullMarked;
