/** Who somebody is: secrets files, mechanisms of both sides (RFC 4422), PAM, and the throttle. */
@NullMarked
package io.stagepost.auth;

import org.jspecify.annotations.NullMarked;
