/** Event-bus addresses and the messages that travel on them. */
@NullMarked
package io.stagepost.bus;

import org.jspecify.annotations.NullMarked;
