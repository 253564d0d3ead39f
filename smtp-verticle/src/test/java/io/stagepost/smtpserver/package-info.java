/** Tests of the SMTP server. */
@NullMarked
package io.stagepost.smtpserver;

import org.jspecify.annotations.NullMarked;
