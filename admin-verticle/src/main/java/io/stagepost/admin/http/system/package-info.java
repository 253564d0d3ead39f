/** The process: its relays, its nodes, its configuration. */
@NullMarked
package io.stagepost.admin.http.system;

import org.jspecify.annotations.NullMarked;
