/**
 * The log of delivery events: written before a fact is acted upon, read by cursor or by message.
 */
@NullMarked
package io.stagepost.events;

import org.jspecify.annotations.NullMarked;
