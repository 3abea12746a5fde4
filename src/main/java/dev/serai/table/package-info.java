/** Tables in files, CSV or JSON, which are read again when they change. */
@NullMarked
package dev.serai.table;

import org.jspecify.annotations.NullMarked;
