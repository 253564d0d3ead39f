/** The vocabulary of SMTP: replies, status codes, addresses and command parameters. */
@NullMarked
package io.stagepost.smtp;

import org.jspecify.annotations.NullMarked;
