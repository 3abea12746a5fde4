package dev.serai.operate.doctor;

import java.util.List;

/** Looks at one side of a deployment, and changes nothing. Ends soon after it is interrupted. */
@FunctionalInterface
interface Check {
    /**
     * Looks once.
     *
     * @return at least one, in the order in which they are told
     * @throws Exception whatever it meets that it has no finding for
     */
    List<Found> look() throws Exception;
}
