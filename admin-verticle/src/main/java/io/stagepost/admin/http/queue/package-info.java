/** The queue and its messages for programs. */
@NullMarked
package io.stagepost.admin.http.queue;

import org.jspecify.annotations.NullMarked;
