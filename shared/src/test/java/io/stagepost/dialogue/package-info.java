/** Plays dialogues that are written down in files, as a client or as a server. */
@NullMarked
package io.stagepost.dialogue;

import org.jspecify.annotations.NullMarked;
