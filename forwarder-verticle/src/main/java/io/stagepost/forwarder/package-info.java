/** Takes messages from the spool and sends them on to the next hop. */
@NullMarked
package io.stagepost.forwarder;

import org.jspecify.annotations.NullMarked;
