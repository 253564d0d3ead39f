/** The default spool: two files a message in one flat directory, as E-MailRelay keeps them. */
@NullMarked
package io.stagepost.spool.file;

import org.jspecify.annotations.NullMarked;
