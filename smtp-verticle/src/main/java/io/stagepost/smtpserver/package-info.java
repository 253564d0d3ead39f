/** The SMTP server: one session object for each socket, in front of the spool. */
@NullMarked
package io.stagepost.smtpserver;

import org.jspecify.annotations.NullMarked;
