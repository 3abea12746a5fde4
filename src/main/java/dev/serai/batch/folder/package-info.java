/** A folder whose files become provisioning jobs, and another in which their results appear. */
@NullMarked
package dev.serai.batch.folder;

import org.jspecify.annotations.NullMarked;
