/** The spool contract: what a store of messages promises, and the records it deals in. */
@NullMarked
package io.stagepost.spool;

import org.jspecify.annotations.NullMarked;
