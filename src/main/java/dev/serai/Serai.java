package dev.serai;

/** Starts Serai's command line. */
public final class Serai {
    private Serai() {}

    public static void main(String[] arguments) {
        System.err.println("the command line is not wired yet");
        System.exit(1);
    }
}
