/** Administration over a line protocol, as E-MailRelay has it. */
@NullMarked
package io.stagepost.admin.text;

import org.jspecify.annotations.NullMarked;
