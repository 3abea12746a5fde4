package dev.serai.observe.waiting;

/** A step of a route, by the ids that its author gave them. */
public record RouteStep(String route, String step) {
    String text() {
        return "at step " + step + " of route " + route;
    }
}
