/** Log format and the names of what is measured. */
@NullMarked
package io.stagepost.telemetry;

import org.jspecify.annotations.NullMarked;
