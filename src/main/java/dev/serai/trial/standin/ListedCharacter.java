package dev.serai.trial.standin;

/**
 * A character that {@code /character/list} names.
 *
 * @param characterId as in {@code character_id}; not blank
 * @param name for people
 * @param longTermMemory it remembers users, so that a request for it needs an {@code end_user_id}
 */
public record ListedCharacter(String characterId, String name, boolean longTermMemory) {
    public ListedCharacter {
        if (characterId.isBlank()) {
            throw new IllegalArgumentException("a character's id must not be blank");
        }
    }
}
