package dev.switchboard.bench;

/** Says why there is no figure, or that one is not what was asked for. */
final class NoFigure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoFigure(String why) {
        super(why);
    }
}
