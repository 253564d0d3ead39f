/** POP3: serving mail to its readers. */
@NullMarked
package io.stagepost.pop;

import org.jspecify.annotations.NullMarked;
