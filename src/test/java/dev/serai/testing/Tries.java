package dev.serai.testing;

/**
 * How often a test with random input tries. Plain {@code mvn verify}, which people wait for, tries a twentieth as often as CI
 * ({@code mvn verify -Pci}) and as who runs the test alone ({@code -Dtest=…}).
 */
public final class Tries {
    private static final boolean ALL = Boolean.getBoolean("serai.tests.all-tries");
    private static final int PART = 20;

    private Tries() {}

    /**
     * The number of tries.
     *
     * @param all in CI; at least 1
     */
    public static int of(int all) {
        return ALL ? all : Math.ceilDiv(all, PART);
    }
}
