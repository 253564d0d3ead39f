/** Lets pages and other programs listen on the event bus. */
@NullMarked
package io.stagepost.admin.bridge;

import org.jspecify.annotations.NullMarked;
