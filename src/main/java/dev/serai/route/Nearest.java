package dev.serai.route;

import java.util.Collection;
import java.util.Optional;
import org.apache.camel.CamelContext;

/** Finds, among the names that there are, the one that was probably meant. */
@FunctionalInterface
public interface Nearest {
    Optional<String> find(String missing, Collection<String> names);

    /** The end of a sentence about a name that there is not; empty if none is near. */
    default String meant(String missing, Collection<String> names) {
        return find(missing, names).map(name -> ": was " + name + " meant?").orElse("");
    }

    default String noBean(CamelContext context, String missing) {
        return "there is no bean " + missing
                + meant(
                        missing,
                        context.getRegistry().findByTypeWithName(Object.class).keySet());
    }
}
