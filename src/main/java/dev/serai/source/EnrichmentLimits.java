package dev.serai.source;

/**
 * How much of what sources say goes to the provider. What an event says itself counts towards the limits of the whole,
 * but is never cut: its publisher meant it.
 *
 * <p>Characters are counted as {@link String#length} does; most emoji are two. All limits are at least 1.
 *
 * @param sceneElements of the whole scene
 * @param nameCharacters of one element's name
 * @param descriptionCharacters of one element's description
 * @param sceneCharacters of the names and descriptions of the whole scene together
 * @param textCharacters of the whole dynamic text
 */
public record EnrichmentLimits(
        int sceneElements, int nameCharacters, int descriptionCharacters, int sceneCharacters, int textCharacters) {

    public EnrichmentLimits {
        requirePositive("scene elements", sceneElements);
        requirePositive("characters of a name", nameCharacters);
        requirePositive("characters of a description", descriptionCharacters);
        requirePositive("characters of a scene", sceneCharacters);
        requirePositive("characters of a dynamic text", textCharacters);
    }

    private static void requirePositive(String what, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("the limit of " + what + " must be at least 1, was " + limit);
        }
    }
}
