package dev.serai.wire;

import org.jspecify.annotations.Nullable;

/**
 * An end event with every default filled in: {@code schema/end-conversation.json} says what publishers may send. Whose
 * conversation ends, its record's key says.
 *
 * @param eventId identifies the event in replies, dead letters and logs
 * @param characterId whose sessions are ended, and whose start events are cancelled; null for all characters
 * @param reason why, in the publisher's words; null if it does not say
 * @param tenant whose sessions and start events these are
 * @param forGood whether no start event of the tenant that is read after it opens a room in its conversation; then it is about
 *     all characters
 */
public record EndConversation(
        String eventId,
        @Nullable String characterId,
        @Nullable String reason,
        String tenant,
        boolean forGood) {

    /** The field that tells events apart. */
    public static final String ACTION = "action";

    /** What {@value #ACTION} says in an event that ends its conversation. */
    public static final String END = "end";

    /** What {@value #ACTION} says in an event that starts a session, if it says anything. */
    public static final String START = "start";

    /** The field that says whether the conversation is over for good. */
    public static final String FINAL = "final";

    /** Whether it is about what is of this tenant and character. */
    public boolean concerns(@Nullable String ofTenant, @Nullable String ofCharacter) {
        return tenant.equals(ofTenant) && (characterId == null || characterId.equals(ofCharacter));
    }

    /** The event's id only: the reason is somebody's own words. */
    @Override
    public String toString() {
        return "EndConversation[" + eventId + "]";
    }
}
