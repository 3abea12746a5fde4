package dev.serai.loop;

/** Numbers of things, for people: one event is one event. Stateless. */
public final class Counted {
    private Counted() {}

    /**
     * Such as {@code 1 event} or {@code 2 events}.
     *
     * @param one what one of them is called; an "s" makes the plural
     */
    public static String text(long number, String one) {
        return text(number, one, one + "s");
    }

    /** Such as {@code 1 entry} or {@code 2 entries}. */
    public static String text(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
