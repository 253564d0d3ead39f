/** The console's server, put together of its parts. */
@NullMarked
package io.stagepost.admin.console;

import org.jspecify.annotations.NullMarked;
