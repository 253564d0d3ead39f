/** What the parts of the console's server work with. */
@NullMarked
package io.stagepost.admin.http;

import org.jspecify.annotations.NullMarked;
