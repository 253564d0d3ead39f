/** Addresses and the lookup of hosts. */
@NullMarked
package io.stagepost.net;

import org.jspecify.annotations.NullMarked;
