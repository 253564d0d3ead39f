/** The queue as its operators see it, whatever they talk to it by. */
@NullMarked
package io.stagepost.admin.queue;

import org.jspecify.annotations.NullMarked;
