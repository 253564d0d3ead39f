/** Tells other programs over HTTP what happens to messages. */
@NullMarked
package io.stagepost.admin.webhook;

import org.jspecify.annotations.NullMarked;
