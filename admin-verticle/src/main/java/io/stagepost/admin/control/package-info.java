/** The socket that the operator's command talks to: requests and answers in JSON, a line each. */
@NullMarked
package io.stagepost.admin.control;

import org.jspecify.annotations.NullMarked;
