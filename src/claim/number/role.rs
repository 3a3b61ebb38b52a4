//! What the phrases of a lexicon may be, and sets of it.

use rust_decimal::Decimal;

use super::figure::Bound;

/// What a phrase may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Role {
    Word(Decimal),
    Article,
    Scale { by: Decimal, bare: bool },
    And,
    Point,
    Minus,
    Half,
    Denominator(Decimal),
    Over,
    OneIn,
    Under,
    Whole,
    PercentAfter(Decimal),
    PercentBefore(Decimal),
    PointsAfter,
    BasisPointsAfter,
    HalfPointAfter,
    FactorAfter,
    FactorBefore,
    Factor(Decimal),
    BoundBefore(Bound),
    BoundAfter(Bound),
    BoundInside(Bound),
    OrEqual,
    PowerOpen,
    PowerClose,
    RangeBetween,
    RangeAnd,
    RangeClose,
    RangeFrom,
    RangeTo,
    Ordinal(Decimal),
    OrdinalBefore,
    OrdinalAfter,
    Currency(&'static str),
    Filler,
    Stop,
    NotScale,
}

/// A set of kinds of roles: a search in the lexicon goes no further than where such phrases are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kinds(u64);

impl Kinds {
    pub const NONE: Kinds = Kinds(0);
    pub const WORD: Kinds = Kinds(1 << 0);
    pub const ARTICLE: Kinds = Kinds(1 << 1);
    pub const SCALE: Kinds = Kinds(1 << 2);
    pub const AND: Kinds = Kinds(1 << 3);
    pub const POINT: Kinds = Kinds(1 << 4);
    pub const MINUS: Kinds = Kinds(1 << 5);
    pub const HALF: Kinds = Kinds(1 << 6);
    pub const DENOMINATOR: Kinds = Kinds(1 << 7);
    pub const OVER: Kinds = Kinds(1 << 8);
    pub const ONE_IN: Kinds = Kinds(1 << 9);
    pub const UNDER: Kinds = Kinds(1 << 10);
    pub const WHOLE: Kinds = Kinds(1 << 11);
    pub const PERCENT_AFTER: Kinds = Kinds(1 << 12);
    pub const PERCENT_BEFORE: Kinds = Kinds(1 << 13);
    pub const POINTS_AFTER: Kinds = Kinds(1 << 14);
    pub const BASIS_POINTS_AFTER: Kinds = Kinds(1 << 15);
    pub const HALF_POINT_AFTER: Kinds = Kinds(1 << 16);
    pub const FACTOR_AFTER: Kinds = Kinds(1 << 17);
    pub const FACTOR_BEFORE: Kinds = Kinds(1 << 18);
    pub const FACTOR: Kinds = Kinds(1 << 19);
    pub const BOUND_BEFORE: Kinds = Kinds(1 << 20);
    pub const BOUND_AFTER: Kinds = Kinds(1 << 21);
    pub const BOUND_INSIDE: Kinds = Kinds(1 << 22);
    pub const OR_EQUAL: Kinds = Kinds(1 << 23);
    pub const POWER_OPEN: Kinds = Kinds(1 << 24);
    pub const POWER_CLOSE: Kinds = Kinds(1 << 25);
    pub const RANGE_BETWEEN: Kinds = Kinds(1 << 26);
    pub const RANGE_AND: Kinds = Kinds(1 << 27);
    pub const RANGE_CLOSE: Kinds = Kinds(1 << 28);
    pub const RANGE_FROM: Kinds = Kinds(1 << 29);
    pub const RANGE_TO: Kinds = Kinds(1 << 30);
    pub const ORDINAL: Kinds = Kinds(1 << 31);
    pub const ORDINAL_BEFORE: Kinds = Kinds(1 << 32);
    pub const ORDINAL_AFTER: Kinds = Kinds(1 << 33);
    pub const CURRENCY: Kinds = Kinds(1 << 34);
    pub const FILLER: Kinds = Kinds(1 << 35);
    pub const STOP: Kinds = Kinds(1 << 36);
    pub const NOT_SCALE: Kinds = Kinds(1 << 37);

    /// What stands before a number and says something of it.
    pub const MARK: Kinds = Kinds::BOUND_BEFORE
        .with(Kinds::RANGE_BETWEEN)
        .with(Kinds::RANGE_FROM)
        .with(Kinds::PERCENT_BEFORE)
        .with(Kinds::FACTOR_BEFORE)
        .with(Kinds::ORDINAL_BEFORE)
        .with(Kinds::MINUS)
        .with(Kinds::CURRENCY)
        .with(Kinds::FILLER);

    /// What a number begins with.
    pub const NUMBER: Kinds =
        Kinds::WORD.with(Kinds::ARTICLE).with(Kinds::SCALE).with(Kinds::HALF).with(Kinds::FACTOR).with(Kinds::ORDINAL);

    pub const fn with(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Whether the two sets have a kind in common.
    pub const fn any(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }
}

impl Role {
    pub fn kind(self) -> Kinds {
        match self {
            Role::Word(_) => Kinds::WORD,
            Role::Article => Kinds::ARTICLE,
            Role::Scale { .. } => Kinds::SCALE,
            Role::And => Kinds::AND,
            Role::Point => Kinds::POINT,
            Role::Minus => Kinds::MINUS,
            Role::Half => Kinds::HALF,
            Role::Denominator(_) => Kinds::DENOMINATOR,
            Role::Over => Kinds::OVER,
            Role::OneIn => Kinds::ONE_IN,
            Role::Under => Kinds::UNDER,
            Role::Whole => Kinds::WHOLE,
            Role::PercentAfter(_) => Kinds::PERCENT_AFTER,
            Role::PercentBefore(_) => Kinds::PERCENT_BEFORE,
            Role::PointsAfter => Kinds::POINTS_AFTER,
            Role::BasisPointsAfter => Kinds::BASIS_POINTS_AFTER,
            Role::HalfPointAfter => Kinds::HALF_POINT_AFTER,
            Role::FactorAfter => Kinds::FACTOR_AFTER,
            Role::FactorBefore => Kinds::FACTOR_BEFORE,
            Role::Factor(_) => Kinds::FACTOR,
            Role::BoundBefore(_) => Kinds::BOUND_BEFORE,
            Role::BoundAfter(_) => Kinds::BOUND_AFTER,
            Role::BoundInside(_) => Kinds::BOUND_INSIDE,
            Role::OrEqual => Kinds::OR_EQUAL,
            Role::PowerOpen => Kinds::POWER_OPEN,
            Role::PowerClose => Kinds::POWER_CLOSE,
            Role::RangeBetween => Kinds::RANGE_BETWEEN,
            Role::RangeAnd => Kinds::RANGE_AND,
            Role::RangeClose => Kinds::RANGE_CLOSE,
            Role::RangeFrom => Kinds::RANGE_FROM,
            Role::RangeTo => Kinds::RANGE_TO,
            Role::Ordinal(_) => Kinds::ORDINAL,
            Role::OrdinalBefore => Kinds::ORDINAL_BEFORE,
            Role::OrdinalAfter => Kinds::ORDINAL_AFTER,
            Role::Currency(_) => Kinds::CURRENCY,
            Role::Filler => Kinds::FILLER,
            Role::Stop => Kinds::STOP,
            Role::NotScale => Kinds::NOT_SCALE,
        }
    }
}
