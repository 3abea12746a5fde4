package dev.serai.source;

import org.jspecify.annotations.Nullable;

/**
 * Where a source's answer has the elements of a scene. Names of fields are taken as they are: a dot has no meaning in
 * them, and upper and lower case differ.
 *
 * @param elements the field with the array if the answer is an object; null if the answer is always the array itself
 * @param name the field of an element with its name
 * @param description the field of an element with its description
 */
public record SceneFields(@Nullable String elements, String name, String description) {
    /** An array of {@code {name, description}}. */
    public static final SceneFields DEFAULT = new SceneFields(null, "name", "description");
}
