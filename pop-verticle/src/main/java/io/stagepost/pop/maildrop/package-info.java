/** Maildrops: what an account finds, and where it is kept. */
@NullMarked
package io.stagepost.pop.maildrop;

import org.jspecify.annotations.NullMarked;
