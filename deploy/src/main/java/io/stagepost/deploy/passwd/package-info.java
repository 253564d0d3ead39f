/** The commands that make secrets from passwords. */
@NullMarked
package io.stagepost.deploy.passwd;

import org.jspecify.annotations.NullMarked;
