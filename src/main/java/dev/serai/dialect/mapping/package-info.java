/** Mappings: what contact centres and other systems publish becomes events of Serai by a JSONata file. */
@NullMarked
package dev.serai.dialect.mapping;

import org.jspecify.annotations.NullMarked;
