/** The contract that every store passes, and aids for tests that need a spool. */
@NullMarked
package io.stagepost.spool;

import org.jspecify.annotations.NullMarked;
