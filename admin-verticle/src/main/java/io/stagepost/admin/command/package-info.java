/** The operator's command, which talks to a running relay. */
@NullMarked
package io.stagepost.admin.command;

import org.jspecify.annotations.NullMarked;
