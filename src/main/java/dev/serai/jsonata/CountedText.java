package dev.serai.jsonata;

/** A text that counts how often it is looked at, for the thread's {@link Evaluation}. */
final class CountedText implements CharSequence {
    private final String text;
    private final Evaluation evaluation = Evaluation.current();

    CountedText(String text) {
        this.text = text;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        evaluation.look();
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
