/** Tests of the event log. */
@NullMarked
package io.stagepost.events;

import org.jspecify.annotations.NullMarked;
