/** Tests of the file spool; {@code Faults} and {@code PowerCut} stand in for bad disks. */
@NullMarked
package io.stagepost.spool.file;

import org.jspecify.annotations.NullMarked;
