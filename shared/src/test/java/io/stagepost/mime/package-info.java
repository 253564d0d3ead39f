/** Tests of headers and messages. */
@NullMarked
package io.stagepost.mime;

import org.jspecify.annotations.NullMarked;
