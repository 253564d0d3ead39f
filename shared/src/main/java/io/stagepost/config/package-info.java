/** The option table, typed configuration and its readers. */
@NullMarked
package io.stagepost.config;

import org.jspecify.annotations.NullMarked;
