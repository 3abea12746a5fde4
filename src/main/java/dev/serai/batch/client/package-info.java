/** The command's side of provisioning jobs: uploading rows, watching a job, collecting its results. */
@NullMarked
package dev.serai.batch.client;

import org.jspecify.annotations.NullMarked;
