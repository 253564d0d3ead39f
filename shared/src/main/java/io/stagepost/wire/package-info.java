/** Byte work on protocol streams: line scanning, dot transparency, chunk counting. */
@NullMarked
package io.stagepost.wire;

import org.jspecify.annotations.NullMarked;
