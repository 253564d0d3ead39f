/** Messages as RFC 5322, RFC 6532 and MIME have them: reading headers, building messages. */
@NullMarked
package io.stagepost.mime;

import org.jspecify.annotations.NullMarked;
