/** TLS towards clients and next hops: certificates, whom to trust, and what a handshake found. */
@NullMarked
package io.stagepost.net.tls;

import org.jspecify.annotations.NullMarked;
