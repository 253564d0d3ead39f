/** The commands that put messages into the spool: emailrelay-submit, stagepost submit, sendmail. */
@NullMarked
package io.stagepost.deploy.submit;

import org.jspecify.annotations.NullMarked;
