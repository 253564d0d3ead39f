/** The process: launch, topology and orderly shutdown. */
@NullMarked
package io.stagepost.deploy;

import org.jspecify.annotations.NullMarked;
